using DasSearch.Core;

namespace DasSearch.App;

/// <summary>Held by the process that makes something over hours: a second one would remove what the first goes on from, and write over what it made.</summary>
/// <remarks>A file beside the folder to go on from. It goes with its process, or if that is killed is free for the next one.</remarks>
internal sealed class OutputLock : IDisposable
{
    private readonly FileStream _file;

    private OutputLock(FileStream file) => _file = file;

    /// <summary>Takes it.</summary>
    /// <param name="state">The folder that interrupted work goes on from.</param>
    /// <param name="output">What is made, for messages.</param>
    /// <exception cref="DasSearchException">Another process has it, or the file cannot be written.</exception>
    internal static OutputLock Take(string state, string output)
    {
        var path = state + ".lock";
        try
        {
            return new OutputLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose));
        }
        catch (IOException held) when (File.Exists(path))
        {
            throw new DasSearchException($"{output} is being made by another process, which has {path}: wait for it or end it, or write elsewhere", held);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DasSearchException($"{path} cannot be written: {failure.Message}", failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
