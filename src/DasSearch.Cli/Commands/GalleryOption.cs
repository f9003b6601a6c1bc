using System.CommandLine;

namespace DasSearch.Cli.Commands;

/// <summary><c>--gallery N</c>, for tasks that rank.</summary>
internal static class GalleryOption
{
    private const int Reported = 1000;

    /// <summary>A new option; each command needs its own.</summary>
    public static Option<int> Create()
    {
        var option = new Option<int>("--gallery")
        {
            Description = "Images, and captions, of the gallery that recall is measured on, where the task ranks; 0 for none.",
            HelpName = "N",
            DefaultValueFactory = _ => Reported,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 100_000)
            {
                result.AddError("--gallery must be from 0 to 100000.");
            }
        });
        return option;
    }
}
