using DasSearch.Core;

namespace DasSearch.Reporter.Exports;

/// <summary>Files that are there as a whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>Writes beside the place first and renames, so that a failure leaves what was there.</summary>
    /// <exception cref="DasSearchException">The file cannot be written.</exception>
    internal static void Write(string path, Action<Stream> write)
    {
        var beside = $"{path}.{Environment.ProcessId}.new";
        try
        {
            using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ExportException($"{path} cannot be written: {failure.Message}", failure);
        }
        finally
        {
            Remove(beside);
        }
    }

    // Once renamed, there is nothing to remove, and that is fine.
    private static void Remove(string beside)
    {
        try
        {
            File.Delete(beside);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What matters, that the file was not written, is told already.
        }
    }
}
