using Ppsp.Protocol.Chunks;
using Storm.Tests.Running;
using Storm.Tests.Scenes;

namespace Storm.Tests.Checks;

/// <summary>What must hold too but takes time to look at: files, handles, maps, leases.</summary>
internal sealed class LongLook(Troupe troupe, OneThread thread)
{
    private const int Sample = 12;

    private Stage Stage => troupe.Stage;

    public void Look()
    {
        LookAtFiles();
        LookAtHandles(1 + troupe.Leases.Count + Stage.Rooms.Takings.Count);
        LookAtLeases();
        foreach (var part in Stage.Rooms.Parts)
        {
            thread.Finish(LookAtMapAsync(part), $"looking at the map of {part.Film.SwarmId}");
        }
    }

    /// <summary>After the end: nothing is left but whole chunks.</summary>
    public void LookAtEnd()
    {
        LookAtHandles(0);
        if (Stage.Time.PendingTimers > 0)
        {
            Stage.Findings.Add($"{Stage.Time.PendingTimers} timers are left after the end.");
        }

        if (Stage.Network.Serving.FirstOrDefault(t => !t.IsCompletedSuccessfully) is { } serving)
        {
            Stage.Findings.Add($"After the end a connection to an origin is open, or failed: {serving.Exception}");
        }

        if (Stage.Network.Open.Count + Stage.Network.OpenTalks + Stage.Waiting.Count > 0)
        {
            Stage.Findings.Add(
                $"After the end {Stage.Network.Open.Count} requests, {Stage.Network.OpenTalks} questions and {Stage.Waiting.Count} waits are open.");
        }
    }

    private void LookAtFiles()
    {
        long bytes = 0;
        foreach (var file in troupe.Disk.Files())
        {
            if (file.Extension == ".tmp")
            {
                Stage.Findings.Add($"{file.Name} was left behind.");
            }

            bytes += file.Extension == ".chunk" ? file.Length : 0;
        }

        var known = Stage.Rooms.Store.DiskBytes;
        if (bytes > Stage.Rooms.Budget.MaxBytes || bytes > known || (bytes < known && !troupe.Disk.IsDamaged))
        {
            Stage.Findings.Add($"{bytes} bytes are on disk; the store says {known} and may have {Stage.Rooms.Budget.MaxBytes}.");
        }
    }

    private void LookAtHandles(int most)
    {
        var open = OpenFiles().ToList();
        if (open.Count > most)
        {
            Stage.Findings.Add($"{open.Count} files are open, at most {most} should be: {string.Join(", ", open.Select(Path.GetFileName))}");
        }
    }

    private IEnumerable<string> OpenFiles()
    {
        const string Handles = "/proc/self/fd";
        return !Directory.Exists(Handles)
            ? []
            : Directory.EnumerateFileSystemEntries(Handles)
                .Select(h => new FileInfo(h).LinkTarget)
                .OfType<string>()
                .Where(target => target.StartsWith(Stage.Folder, StringComparison.Ordinal));
    }

    private void LookAtLeases()
    {
        foreach (var lease in troupe.Leases)
        {
            using (lease.Stored)
            {
                thread.Finish(LookAtAsync(lease), $"reading the lease of {lease.Chunk}");
            }
        }

        troupe.Leases.Clear();
    }

    private async Task LookAtAsync(Lease lease)
    {
        var trouble = await Bytes.TroubleAsync(Stage, lease.Film, lease.Chunk, lease.Stored);
        if (trouble is not null)
        {
            Stage.Findings.Add($"The store handed out {lease.Chunk}: {trouble}");
        }
    }

    private async Task LookAtMapAsync(Part part)
    {
        for (var i = 0; i < Sample; i++)
        {
            var chunk = part.Film.All[troupe.Dice.Next(part.Film.All.Count)];
            var isPromised = part.Chunks.Contains(chunk);
            if (isPromised != IsInMap(part, chunk))
            {
                Stage.Findings.Add($"{chunk} is {(isPromised ? "held" : "not held")}, but the map says otherwise.");
            }

            if (await part.Chunks.OpenAsync(chunk, default) is { } stored)
            {
                using (stored)
                {
                    await LookAtAsync(new Lease(part.Film, chunk, stored));
                }
            }
            else if (part.Chunks.Contains(chunk) || (isPromised && !IsDamaged(part, chunk)))
            {
                Stage.Findings.Add($"{chunk} is in the map but could not be opened.");
            }
        }
    }

    /// <summary>The chunk, or the list that it is verified with, was changed behind the store's back.</summary>
    private bool IsDamaged(Part part, ChunkId chunk) =>
        troupe.Disk.IsDamagedFor(chunk.Index) || (part.Film.NeedOf(chunk) is { } list && troupe.Disk.IsDamagedFor(list.Index));

    private static bool IsInMap(Part part, ChunkId chunk) =>
        part.Chunks.GetMaps().First(m => m.Level == chunk.Level).Contains(chunk.Index);
}
