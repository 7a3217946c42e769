namespace Storm.Tests.Scenes;

/// <summary>The state folder as somebody else with access to it sees it, and breaks it.</summary>
internal sealed class Disk(string folder)
{
    private readonly HashSet<string> _damaged = new(StringComparer.Ordinal);
    private readonly List<string> _blocked = [];

    private string Chunks => Path.Combine(folder, "chunks");

    /// <summary>True once a file was changed behind the store's back: then it may know more than there is.</summary>
    public bool IsDamaged => _damaged.Count > 0;

    /// <summary>Everything in the folder of the chunks.</summary>
    public IEnumerable<FileInfo> Files() => new DirectoryInfo(Chunks).EnumerateFiles("*", SearchOption.AllDirectories);

    /// <summary>True when a file with this number was damaged.</summary>
    public bool IsDamagedFor(long index) => _damaged.Any(d => Path.GetFileName(d).StartsWith($"{index}-", StringComparison.Ordinal));

    /// <summary>Forgets what was damaged: the store has looked at everything since.</summary>
    public void Forgive() => _damaged.Clear();

    /// <summary>Changes one byte of a file.</summary>
    public string? Flip(Random dice) => Damage(dice, "flipped a byte of", file =>
    {
        using var stream = file.Open(FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = dice.NextInt64(stream.Length);
        var value = stream.ReadByte();
        stream.Position--;
        stream.WriteByte((byte)(value ^ 0x20));
    });

    /// <summary>Cuts the end of a file off.</summary>
    public string? Truncate(Random dice) => Damage(dice, "cut off", file =>
    {
        using var stream = file.Open(FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        stream.SetLength(dice.NextInt64(stream.Length));
    });

    /// <summary>Deletes a file.</summary>
    public string? Delete(Random dice) => Damage(dice, "deleted", file => file.Delete());

    /// <summary>Deletes the folder of a level and puts a file in its place: nothing can be written there.</summary>
    public string? Block(Random dice)
    {
        var levels = Directory.EnumerateDirectories(Chunks).SelectMany(Directory.EnumerateDirectories).Order(StringComparer.Ordinal).ToList();
        if (levels.Count == 0)
        {
            return null;
        }

        var level = levels[dice.Next(levels.Count)];
        _damaged.UnionWith(Directory.EnumerateFiles(level));
        Directory.Delete(level, recursive: true);
        File.WriteAllText(level, "");
        _blocked.Add(level);
        return $"the disk takes nothing in {Path.GetFileName(level)}";
    }

    /// <summary>Takes such files away.</summary>
    public string? Unblock()
    {
        if (_blocked.Count == 0)
        {
            return null;
        }

        _blocked.ForEach(File.Delete);
        _blocked.Clear();
        return "the disk takes everything again";
    }

    private string? Damage(Random dice, string what, Action<FileInfo> how)
    {
        var files = Files().Where(f => f.Extension == ".chunk" && f.Length > 0).OrderBy(f => f.FullName, StringComparer.Ordinal).ToList();
        if (files.Count == 0)
        {
            return null;
        }

        var file = files[dice.Next(files.Count)];
        how(file);
        _damaged.Add(file.FullName);
        return $"{what} {file.Name[..12]}";
    }
}
