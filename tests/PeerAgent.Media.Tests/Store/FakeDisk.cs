using PeerAgent.Media.Store;

namespace PeerAgent.Media.Tests.Store;

/// <summary>A disk with so much room below what a store writes; with none at all while it refuses.</summary>
internal sealed class FakeDisk
{
    private readonly TestStore _test;

    internal FakeDisk(TestStore test, long size)
    {
        (_test, Size) = (test, size);
        test.Store.Writer.Write = WriteAsync;
    }

    internal long Size { get; set; }

    internal bool IsReadOnly { get; set; }

    private Task<WriteFailure?> WriteAsync(string path, ReadOnlyMemory<byte> content)
    {
        if (IsReadOnly)
        {
            return Task.FromResult<WriteFailure?>(new("Read-only file system", IsFull: false));
        }

        return _test.ApparentSize() + content.Length > Size
            ? Task.FromResult<WriteFailure?>(new("No space left on device", IsFull: true))
            : WholeFile.WriteAsync(path, content, CancellationToken.None);
    }
}
