using TorchSharp;

namespace DasSearch.Cli.Doctor;

/// <summary>The tensor library that das was built with.</summary>
internal sealed class TorchLibrary : ITorchLibrary
{
    /// <inheritdoc/>
    public TorchVersion Load()
    {
        using (torch.NewDisposeScope())
        {
            var a = torch.ones(8, 8);
            a.matmul(a);
        }

        return new TorchVersion(
            torch.__version__,
            torch.get_num_threads(),
            torch.get_num_interop_threads(),
            torch.cuda.is_available() ? torch.cuda.device_count() : 0,
            TorchLibraries.IsMended);
    }
}
