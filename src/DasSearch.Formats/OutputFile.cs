using DasSearch.Core;

namespace DasSearch.Formats;

/// <summary>Files that are there as a whole or not at all.</summary>
public static class OutputFile
{
    /// <summary>Writes beside the place first and renames, so that a failure leaves what was there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes it, into a stream that cannot be sought back.</param>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
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
            throw new OutputException($"{path} cannot be written: {failure.Message}", failure);
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

/// <summary>A file or folder could not be written; what was there is as it was.</summary>
public sealed class OutputException(string message, Exception? innerException = null) : DasSearchException(message, innerException);
