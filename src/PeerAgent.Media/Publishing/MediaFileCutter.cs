using System.Globalization;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Publishing;

/// <summary>Cuts a media file into chunks of MPEG-TS with ffmpeg: H.264 and AAC, every level cut at the same times.</summary>
/// <param name="ffmpeg">Name or path of ffmpeg.</param>
/// <param name="ffprobe">Name or path of ffprobe.</param>
internal sealed class MediaFileCutter(string ffmpeg = "ffmpeg", string ffprobe = "ffprobe")
{
    /// <summary>Most levels.</summary>
    internal const int MaxLevels = 16;

    private const string StagingPrefix = ".cutting-";

    /// <summary>
    /// Writes <c>ID-L0-00000.ts</c> and so on (<c>ID-00000.ts</c> with one level) into the folder, once all are done.
    /// A file without a picture gives one level of sound. When it fails or is cancelled, nothing stays.
    /// </summary>
    /// <param name="file">The media file.</param>
    /// <param name="levels">The levels in any order (the lowest bit rate becomes level 0); empty = one like the file.</param>
    /// <param name="chunkDuration">How long a chunk plays; the last is shorter.</param>
    /// <param name="contentId">What the names begin with.</param>
    /// <param name="targetFolder">Made when it is missing; must hold no chunks.</param>
    /// <param name="ct">Kills ffmpeg.</param>
    internal async Task<PublishOutcome<CutMedia>> CutAsync(
        string file, IReadOnlyList<LevelSpec> levels, TimeSpan chunkDuration, string contentId, string targetFolder, CancellationToken ct)
    {
        var isNew = !Directory.Exists(targetFolder);
        var staging = Path.Combine(Path.GetFullPath(targetFolder), StagingPrefix + Path.GetRandomFileName());
        var done = false;
        try
        {
            if (!isNew && Directory.EnumerateFiles(targetFolder).Any(f => ChunkName.TryParse(Path.GetFileName(f), out _)))
            {
                return Refuse($"The folder '{targetFolder}' already holds chunks; give one without.");
            }

            Directory.CreateDirectory(staging);
            var outcome = await CutIntoAsync(
                staging, Path.GetFullPath(file), [.. levels.OrderBy(l => l.Bitrate)], chunkDuration, contentId, ct);
            done = outcome is PublishOutcome<CutMedia>.Done;
            return outcome;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse($"The chunks cannot be written to '{targetFolder}' ({e.Message.TrimEnd('.')}).");
        }
        finally
        {
            CleanUp(staging, !done && isNew ? targetFolder : null);
        }
    }

    private static PublishOutcome<CutMedia>.Refused Refuse(string error) => new(error);

    private static PublishOutcome<CutMedia>.Refused RefuseMissing() =>
        Refuse("ffmpeg was not found; install it (Debian: apt-get install ffmpeg) or publish a folder of chunks.");

    private static void CleanUp(string staging, string? newFolder)
    {
        if (Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }

        if (newFolder is not null && Directory.Exists(newFolder) && !Directory.EnumerateFileSystemEntries(newFolder).Any())
        {
            Directory.Delete(newFolder);
        }
    }

    private static string Reason(ChildExit exit) =>
        exit.LastErrorLine.Length > 0 ? exit.LastErrorLine.TrimEnd('.') : string.Create(CultureInfo.InvariantCulture, $"exit code {exit.ExitCode}");

    private async Task<PublishOutcome<CutMedia>> CutIntoAsync(
        string staging, string file, IReadOnlyList<LevelSpec> levels, TimeSpan chunkDuration, string contentId, CancellationToken ct)
    {
        var name = Path.GetFileName(file);
        if (await ChildProgram.RunAsync(ffprobe, MediaProbe.Arguments(file), staging, ct) is not { } probed)
        {
            return RefuseMissing();
        }

        if (probed.ExitCode != 0 || MediaProbe.TryRead(probed.Output) is not { } probe)
        {
            return Refuse($"'{name}' is no media file that ffprobe can read ({Reason(probed)}).");
        }

        if (FaultOf(name, probe, levels) is { } fault)
        {
            return Refuse(fault);
        }

        var plan = new CutPlan(file, probe, levels, chunkDuration);
        if (await ChildProgram.RunAsync(ffmpeg, plan.Arguments(), staging, ct) is not { } exit)
        {
            return RefuseMissing();
        }

        return exit.ExitCode == 0
            ? await CollectAsync(staging, plan.LevelCount, probe, contentId, ct)
            : Refuse($"ffmpeg could not cut '{name}' ({Reason(exit)}).");
    }

    private static string? FaultOf(string name, MediaProbe probe, IReadOnlyList<LevelSpec> levels) => (probe, levels.Count) switch
    {
        ({ VideoStream: null, AudioStream: null }, _) => $"'{name}' has neither picture nor sound.",
        ({ VideoStream: null }, > 0) => $"'{name}' has no picture, so no levels can be made of it; leave them out.",
        (_, > MaxLevels) => $"At most {MaxLevels} levels can be made.",
        _ => null,
    };

    private async Task<PublishOutcome<CutMedia>> CollectAsync(
        string staging, int levels, MediaProbe probe, string contentId, CancellationToken ct)
    {
        var sizes = new List<(int, int)>();
        for (var level = 0; level < levels && probe.VideoStream is not null; level++)
        {
            var first = Directory.EnumerateFiles(staging, CutPlan.PatternOf(level)).Order(StringComparer.Ordinal).FirstOrDefault();
            var exit = first is null ? null : await ChildProgram.RunAsync(ffprobe, MediaProbe.Arguments(first), staging, ct);
            if (exit is not { ExitCode: 0 } || MediaProbe.TryRead(exit.Output) is not { Width: > 0, Height: > 0 } made)
            {
                return Refuse("ffmpeg wrote chunks without a picture; convert the file first.");
            }

            sizes.Add((made.Width, made.Height));
        }

        var duration = probe.Duration ?? await PlayedAsync(Path.Combine(staging, CutPlan.PlaylistOf(0)), ct);
        var files = Move(staging, levels, contentId);
        return new PublishOutcome<CutMedia>.Done(new CutMedia(
            duration, probe.VideoStream is null ? null : Math.Round(probe.Rate, 3), sizes, probe.AudioStream is not null, files));
    }

    /// <summary>Moves the chunks from the staging folder to the one above; takes them away again when one cannot be moved.</summary>
    private static List<string> Move(string staging, int levels, string contentId)
    {
        var target = Path.GetDirectoryName(staging)!;
        var moved = new List<string>();
        try
        {
            for (var level = 0; level < levels; level++)
            {
                foreach (var (index, chunk) in Directory.GetFiles(staging, CutPlan.PatternOf(level)).OrderBy(f => (f.Length, f)).Index())
                {
                    var name = ChunkName.Create(contentId, null, levels == 1 ? LevelKind.None : LevelKind.Layer, level, index, "ts");
                    var path = Path.Combine(target, name.ToString());
                    File.Move(chunk, path);
                    moved.Add(path);
                }
            }

            return moved;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            moved.ForEach(File.Delete);
            throw;
        }
    }

    /// <summary>Adds up what the playlist says, for sources that do not tell their playing time.</summary>
    private static async Task<TimeSpan> PlayedAsync(string playlist, CancellationToken ct)
    {
        var seconds = 0.0;
        await foreach (var line in File.ReadLinesAsync(playlist, ct))
        {
            if (line.StartsWith("#EXTINF:", StringComparison.Ordinal)
                && double.TryParse(line["#EXTINF:".Length..].TrimEnd(','), NumberStyles.Float, CultureInfo.InvariantCulture, out var one))
            {
                seconds += one;
            }
        }

        return TimeSpan.FromSeconds(seconds);
    }
}
