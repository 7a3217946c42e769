using PeerAgent.Swarm.Sources;
using Ppsp.Protocol.Chunks;
using Storm.Tests.Films;
using Storm.Tests.Network;
using Storm.Tests.Scenes;

namespace Storm.Tests.Checks;

/// <summary>What must hold whenever nothing is left to run; cheap enough to be looked at after every operation.</summary>
internal sealed class QuickLook(Troupe troupe)
{
    private const int MostAtOrigin = 4;

    /// <summary>With less memory a fetch may have to let go of bytes before they are judged.</summary>
    private const long Roomy = 64_000;

    private readonly UploadLook _uploads = new(troupe.Stage);

    private Stage Stage => troupe.Stage;

    /// <summary>Looks.</summary>
    /// <param name="alsoCounts">Also at what the streams say of each peer; that is not as cheap.</param>
    public void Look(bool alsoCounts)
    {
        LookAtBudgets();
        _uploads.Look();
        LookAtRequests();
        LookAtOrigins();
        LookAtLookups();
        LookAtLies();
        if (alsoCounts)
        {
            foreach (var part in Stage.Rooms.Parts)
            {
                LookAtCounts(part);
            }
        }
    }

    private void LookAtBudgets()
    {
        var (store, budget) = (Stage.Rooms.Store, Stage.Rooms.Budget);
        if (store.DiskBytes > budget.MaxBytes || store.DiskBytes < 0)
        {
            Stage.Findings.Add($"The store has {store.DiskBytes} bytes on disk, and may have {budget.MaxBytes}.");
        }

        if (store.MemoryBytes > budget.MemoryBytes || store.MemoryBytes < 0)
        {
            Stage.Findings.Add($"The store has {store.MemoryBytes} bytes in memory, and may have {budget.MemoryBytes}.");
        }
    }

    private void LookAtRequests()
    {
        foreach (var request in Stage.Network.Open)
        {
            if (IsUnwanted(request))
            {
                Stage.Findings.Add($"Nobody wants {request}.");
            }
        }
    }

    private void LookAtOrigins()
    {
        foreach (var origin in Stage.Network.Origins.Where(o => o.Open.Count > MostAtOrigin))
        {
            Stage.Findings.Add($"Origin {origin.Port} has {origin.Open.Count} requests, and may have {MostAtOrigin}.");
        }

        foreach (var origin in Stage.Network.Origins.Where(o => o.Open.Count > 0))
        {
            foreach (var part in Stage.Rooms.Parts)
            {
                LookAtRequestsAt(origin, part);
            }
        }
    }

    /// <summary>
    /// The rest of an answer that was given up may be read for a moment, so that the connection can be used again: then the
    /// origin has more requests than the stream says.
    /// </summary>
    private void LookAtRequestsAt(FarOrigin origin, Part part)
    {
        var open = origin.Open.Where(o => o.SwarmId == part.Film.SwarmId).ToList();
        var said = part.Stream.Origins.Where(o => new Uri(o.Url).Port == origin.Port).Sum(o => o.OpenRequests);
        var unwanted = open.Where(IsUnwanted).ToList();
        if (unwanted.Count > Math.Max(0, open.Count - said))
        {
            Stage.Findings.Add($"Nobody wants {string.Join(", ", unwanted)}; {said} requests are said to be open.");
        }
    }

    private void LookAtLookups()
    {
        foreach (var part in Stage.Rooms.Parts)
        {
            foreach (var chunk in part.Tracker.Open.Where(c => !IsWanted(part.Film, c)))
            {
                if (!Stage.Network.AllOpen.Any(o => o.Chunk == chunk))
                {
                    Stage.Findings.Add($"Nobody wants {chunk}, which is being looked up: {StoryOf(part, chunk)}.");
                }
            }
        }
    }

    private void LookAtCounts(Part part)
    {
        foreach (var status in part.Stream.Peers)
        {
            var open = Stage.Network.Open.Count(o => o.SwarmId == part.Film.SwarmId && o.Peer.Id == status.PeerId);
            if (open != status.OpenRequests)
            {
                Stage.Findings.Add($"{status.PeerId} is said to have {status.OpenRequests} requests of {part.Film.SwarmId}, and has {open}.");
            }
        }
    }

    private bool IsUnwanted(OpenRequest request) => !IsWanted(FarNetwork.FilmOf(request.SwarmId), request.Chunk) && !IsAlmostDone(request);

    /// <summary>Somebody waits for it, or will soon.</summary>
    private bool IsWanted(Film film, ChunkId chunk) =>
        Stage.Waiting.For(film.SwarmId, chunk) || (Film.IsList(chunk) && Stage.Waiting.ForAny(film.SwarmId)) || troupe.Players.Any(p => p.MayWant(film, chunk));

    /// <summary>
    /// A fetch that everybody left goes on for a moment when most of the chunk is here, be it from others before. How long
    /// is looked at elsewhere: nothing may be open when nobody has asked for a while.
    /// </summary>
    private bool IsAlmostDone(OpenRequest request) => Stage.Network.AllOpen.Any(
        o => o.SwarmId == request.SwarmId && o.Chunk == request.Chunk && o.Length > 0 && o.Sent > 0);

    private static string StoryOf(Part part, ChunkId chunk) =>
        string.Join("; ", part.Stream.TraceOf(chunk)?.Steps.Select(s => $"{s.After.TotalMilliseconds:0} ms {s.Source} {s.What} {s.Bytes} {s.Detail}") ?? []);

    /// <summary>Who alone delivered a whole lie is banned, where there was room in memory to look at it.</summary>
    private void LookAtLies()
    {
        var network = Stage.Network;
        foreach (var lie in network.Lies)
        {
            if (Stage.Rooms.Parts.FirstOrDefault(p => p.Film.SwarmId == lie.SwarmId) is not { } part || part.Since > lie.At)
            {
                continue;
            }

            var status = part.Stream.Peers.FirstOrDefault(p => p.PeerId == lie.Peer.Id);
            if (status is not null && status.State != SourceState.Banned)
            {
                if (Stage.Rooms.Budget.MemoryBytes < Roomy)
                {
                    continue;
                }

                Stage.Findings.Add($"{lie.Peer.Id} lied about {lie.Chunk} and is not banned but {status.State}: {StoryOf(part, lie.Chunk)}.");
            }

            part.Banned.Add(lie.Peer.Number);
        }

        network.Lies.Clear();
    }
}
