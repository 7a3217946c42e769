namespace PeerAgent.Media.Store;

/// <summary>Why the disk did not take a file.</summary>
/// <param name="Reason">In words.</param>
/// <param name="IsFull">True for want of space: with less on the disk it may work.</param>
internal sealed record WriteFailure(string Reason, bool IsFull)
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    internal static WriteFailure Of(Exception failure) =>
        new(failure.Message, failure.HResult == WindowsDiskFull || (!OperatingSystem.IsWindows() && failure.HResult is NoSpace or QuotaExceeded));
}
