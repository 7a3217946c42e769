using Microsoft.AspNetCore.Http;
using PeerAgent.Swarm.Upload;
using Ppsp.Protocol.Peering;
using Storm.Tests.Scenes;
using Storm.Tests.Takers;

namespace Storm.Tests.Checks;

/// <summary>What must hold of all that peers take from us.</summary>
internal sealed class UploadLook(Stage stage)
{
    /// <summary>Largest piece that may be on its way to a peer when the count begins, in bytes.</summary>
    private const long LargestPiece = 64 * 1024;

    /// <summary>What may go out at once.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    private Rooms? _rooms;
    private UploadLimits? _limits;
    private TimeSpan _since;
    private long _before;

    public void Look()
    {
        var rooms = stage.Rooms;
        foreach (var taking in rooms.Takings.Where(t => t.Done.IsCompleted).ToList())
        {
            using var done = taking;
            rooms.Takings.Remove(taking);
            if (TroubleWith(taking) is { } trouble)
            {
                stage.Findings.Add($"{taking}: {trouble}");
            }
        }

        LookAtSlots(rooms);
        LookAtRate(rooms);
    }

    private void LookAtSlots(Rooms rooms)
    {
        var use = rooms.Uploads.Now;
        if (use.ActiveUploads > Rooms.LargestSlots || use.ActiveUploads + use.WaitingRequests > rooms.Takings.Count)
        {
            stage.Findings.Add(
                $"{use.ActiveUploads} uploads and {use.WaitingRequests} requests in line; there are {rooms.Takings.Count} takers and at most {Rooms.LargestSlots} slots.");
        }
    }

    private void LookAtRate(Rooms rooms)
    {
        var use = rooms.Uploads.Now;
        var total = use.TotalBytes;
        if (_rooms != rooms || _limits != rooms.UploadSettings.Current)
        {
            (_rooms, _limits, _since, _before) = (rooms, rooms.UploadSettings.Current, stage.Now, total + (use.ActiveUploads * LargestPiece));
        }
        else if (_limits is { MaxBytesPerSecond: { } rate } && total - _before > rate * (stage.Now - _since + Slack).TotalSeconds)
        {
            stage.Findings.Add($"{total - _before} bytes went out in {(stage.Now - _since).TotalSeconds} s, at most {rate} a second may.");
        }
    }

    private string? TroubleWith(Taking taking)
    {
        var plan = taking.Plan;
        if (taking.Done.Exception is { } fault)
        {
            return $"failed: {fault}";
        }

        return taking.Status switch
        {
            _ when taking.IsBroken && plan.IsRaw && plan.Range is null => TroubleWithBytes(taking, taking.Taken, isWhole: false),
            _ when taking.IsBroken => null,
            StatusCodes.Status200OK when plan.Film.Plan.IsPrivate => "it is private",
            StatusCodes.Status206PartialContent when plan.Film.Plan.IsPrivate => "it is private",
            StatusCodes.Status200OK => TroubleWithBytes(taking, MediaOf(taking), isWhole: true),
            StatusCodes.Status206PartialContent => TroubleWithPart(taking),
            StatusCodes.Status416RangeNotSatisfiable when plan.Range is not null => null,
            StatusCodes.Status403Forbidden or StatusCodes.Status404NotFound or StatusCodes.Status503ServiceUnavailable => null,
            _ => "no answer that a peer may get",
        };
    }

    private string? TroubleWithBytes(Taking taking, byte[] bytes, bool isWhole) =>
        taking.Plan.Film.Plan.IsPrivate && bytes.Length > 0 && !isWhole && taking.Status == StatusCodes.Status200OK
            ? "it is private"
            : IsExcused(taking) || bytes.Length == 0 || (!isWhole && IsBeginning(taking, bytes))
                ? null
                : Bytes.Trouble(taking.Plan.Film, taking.Plan.Chunk, bytes, isWhole, stage.Network.Senders);

    private string? TroubleWithPart(Taking taking)
    {
        var (film, chunk) = (taking.Plan.Film, taking.Plan.Chunk);
        if (taking.Plan.Range is not { } range)
        {
            return "it asked for the whole";
        }

        var all = film.BytesOf(chunk);
        var right = all.AsSpan(range.From, Math.Min(all.Length, range.To + 1) - range.From);
        return !film.HasHash(chunk) || IsExcused(taking) || right.SequenceEqual(taking.Taken) ? null : "it is another part";
    }

    private static bool IsBeginning(Taking taking, byte[] bytes) => taking.Plan.Film.BytesOf(taking.Plan.Chunk).AsSpan().StartsWith(bytes);

    /// <summary>What is read straight from its file may have been changed there.</summary>
    private bool IsExcused(Taking taking) => stage.Disk.IsDamagedFor(taking.Plan.Chunk.Index);

    private static byte[] MediaOf(Taking taking) => taking.Plan.IsRaw ? taking.Taken : taking.Taken[PeerCodec.FindMediaStart(taking.Taken)..];
}
