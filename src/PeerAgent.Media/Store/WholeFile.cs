namespace PeerAgent.Media.Store;

/// <summary>Writing that leaves, under the file's name, the old content or the whole new one, whenever the process ends.</summary>
internal static class WholeFile
{
    /// <summary>
    /// Writes a temporary file beside it, readable by its owner only, and renames that; makes the folder if need be. Null, or
    /// why the disk did not take it; what was begun is then deleted.
    /// </summary>
    internal static async Task<WriteFailure?> WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}{StateFolder.TemporaryEnding}";
        var isWritten = false;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using (var file = new FileStream(temporary, Private()))
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

    /// <summary>What players brought is nobody else's business: addresses in a manifest may hold a key.</summary>
    private static FileStreamOptions Private()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
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
