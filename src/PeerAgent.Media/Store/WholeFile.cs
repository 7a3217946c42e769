namespace PeerAgent.Media.Store;

/// <summary>Writing that leaves, under the file's name, the old content or the whole new one, whenever the process ends.</summary>
internal static class WholeFile
{
    /// <summary>
    /// Writes a temporary file beside it and renames that; makes the folder if need be. Null, or why the disk did not take
    /// it; what was begun is then deleted.
    /// </summary>
    internal static async Task<WriteFailure?> WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}{StateFolder.TemporaryEnding}";
        var isWritten = false;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using (var file = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.Asynchronous,
                BufferSize = 0,
            }))
            {
                await file.WriteAsync(content, cancellationToken);
            }

            File.Move(temporary, path, overwrite: true);
            isWritten = true;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return WriteFailure.Of(e);
        }
        finally
        {
            if (!isWritten)
            {
                TryDelete(temporary);
            }
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be deleted now is deleted at the next start, as every temporary file.
        }
    }
}
