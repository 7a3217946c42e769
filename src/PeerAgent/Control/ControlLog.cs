namespace PeerAgent.Control;

/// <summary>Log lines of the control routes; ids 1030 to 1039.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(1030, LogLevel.Information, "Upload limits changed: enabled {Enabled}, slots {Slots}, bytes a second {Rate}, to one peer {PeerRate}")]
    internal static partial void UploadChanged(ILogger log, bool enabled, int slots, long? rate, long? peerRate);
}
