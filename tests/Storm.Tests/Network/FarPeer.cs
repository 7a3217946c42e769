using System.Net;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Messages;
using Storm.Tests.Films;

namespace Storm.Tests.Network;

/// <summary>A peer of the made-up network. Only the run's thread touches it.</summary>
internal sealed class FarPeer
{
    private readonly Dictionary<SwarmId, HashSet<ChunkId>> _holds = [];
    private readonly Dictionary<SwarmId, IReadOnlyList<LevelMap>> _maps = [];
    private int _version;

    /// <summary>A peer that holds nothing yet.</summary>
    /// <param name="number">From 1; makes its id and address.</param>
    /// <param name="dice">Its own luck.</param>
    public FarPeer(int number, Random dice)
    {
        Number = number;
        Dice = dice;
        Id = PeerId.TryParse($"far-{number}", out var id) ? id : throw new ArgumentException("Not a PeerID.", nameof(number));
        Info = new PeerInfo
        {
            PeerId = Id,
            PeerType = dice.Next(3) == 0 ? PeerInfo.Seed : PeerInfo.Leech,
            EndPointRankCost = dice.Next(3),
            Addresses = [new PeerAddress(new IPAddress([10, 0, (byte)(number >> 8), (byte)number]), 7681)],
        };
        BytesPerSecond = dice.Next(8_000, 200_000);
        Latency = TimeSpan.FromMilliseconds(dice.Next(5, 250));
        TellsLength = dice.Next(5) > 0;
        TellsTag = dice.Next(2) == 0;
        SendsFromOffset = dice.Next(4) > 0;
    }

    public int Number { get; }

    public PeerId Id { get; }

    public PeerInfo Info { get; }

    public Random Dice { get; }

    public Conduct Conduct { get; set; }

    /// <summary>Says it holds everything, whatever it holds.</summary>
    public bool Boasts { get; set; }

    /// <summary>Since when it has been honest without a break, or null when it is not: then nothing is promised of it.</summary>
    public TimeSpan? SteadySince { get; set; }

    public int BytesPerSecond { get; set; }

    public TimeSpan Latency { get; set; }

    public bool TellsLength { get; }

    public bool TellsTag { get; }

    public bool SendsFromOffset { get; }

    public bool Holds(Film film, ChunkId chunk) => _holds.TryGetValue(film.SwarmId, out var chunks) && chunks.Contains(chunk);

    /// <summary>Takes chunks in.</summary>
    public void Hold(Film film, IEnumerable<ChunkId> chunks)
    {
        if (!_holds.TryGetValue(film.SwarmId, out var held))
        {
            _holds.Add(film.SwarmId, held = []);
        }

        held.UnionWith(chunks);
        Changed();
    }

    /// <summary>Throws some chunks away.</summary>
    public void Drop(Film film, int every)
    {
        if (_holds.TryGetValue(film.SwarmId, out var held))
        {
            held.RemoveWhere(c => c.Index % every == 0);
            Changed();
        }
    }

    /// <summary>What it says that it holds.</summary>
    public IReadOnlyList<LevelMap> MapsOf(Film film)
    {
        if (!_maps.TryGetValue(film.SwarmId, out var maps))
        {
            _maps.Add(film.SwarmId, maps = [.. film.Ranges.Select(range => MapOf(film, range.Level, range.Count))]);
        }

        return maps;
    }

    /// <summary>Changes with what it holds.</summary>
    public string MapTag => $"W/\"{_version}\"";

    /// <summary>Its own wrong version of a chunk.</summary>
    public byte[] LieOf(Film film, ChunkId chunk)
    {
        var bytes = film.BytesOf(chunk).ToArray();
        var (place, value) = LieAt(film, chunk);
        bytes[place] = value;
        return bytes;
    }

    /// <summary>The one byte that is wrong in its version of a chunk.</summary>
    public (int Place, byte Value) LieAt(Film film, ChunkId chunk)
    {
        var bytes = film.BytesOf(chunk);
        var place = 189 + (((Number * 7919) + (int)chunk.Index) % (bytes.Length - 189));
        return (place, (byte)(bytes[place] ^ 0x01));
    }

    /// <summary>Everybody who asks for its map gets it anew.</summary>
    public void Changed()
    {
        _maps.Clear();
        _version++;
    }

    private LevelMap MapOf(Film film, LevelId level, int count)
    {
        var map = new ChunkMapBuilder(0, count);
        for (var i = 0; i < count; i++)
        {
            if (Boasts || Holds(film, new ChunkId(level, i)))
            {
                map.Add(i);
            }
        }

        return new LevelMap(level, [map.ToChunkMap()]);
    }
}
