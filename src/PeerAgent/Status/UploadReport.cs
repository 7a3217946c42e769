using System.Globalization;
using PeerAgent.Control;

namespace PeerAgent.Status;

/// <summary>Prints for a person what peers may take, and what they take.</summary>
internal static class UploadReport
{
    internal static void Write(TextWriter output, UploadDescription upload)
    {
        var use = upload.Use;
        output.WriteLine(Text($"upload {(upload.Enabled ? "on" : "off")}: {upload.Slots} slots, rate {Rate(upload.MaxBytesPerSecond)}, to one peer {Rate(upload.MaxBytesPerSecondPerPeer)}"));
        output.WriteLine(Text($"  now {use.ActiveUploads} uploads, {use.WaitingRequests} waiting, {StatusReport.Bytes(use.BytesPerSecond)}/s, {StatusReport.Bytes(use.TotalBytes)} in all"));
        if (use.PlayersWaiting > 0)
        {
            output.WriteLine(Text($"  own players first: {use.PlayersWaiting} waiting, so {use.SlotsNow} slots, rate {Rate(use.MaxBytesPerSecondNow)}"));
        }

        if (use.ChokedPeers.Count > 0)
        {
            output.WriteLine(Text($"  choked for now: {string.Join(", ", use.ChokedPeers)}"));
        }
    }

    private static string Rate(long? bytes) => bytes is { } limit ? StatusReport.Bytes(limit) + "/s" : "unlimited";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
