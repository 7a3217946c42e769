using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;

namespace PeerAgent.Media.Store;

/// <summary>
/// The folder where an agent keeps its state, locked while it is in use. Every name in it is made from a hash, so that no
/// swarm and no clip can name a path.
/// </summary>
public sealed class StateFolder : IDisposable
{
    /// <summary>Ending of the name of a file that is still being written.</summary>
    internal const string TemporaryEnding = ".tmp";

    /// <summary>Name of the file that tells people which swarm a folder is of.</summary>
    internal const string NoteName = "swarm.txt";

    /// <summary>Name of the empty file that says, for <c>peer-agent store</c>, that a swarm's chunks are pinned.</summary>
    internal const string PinName = "pinned";

    private readonly FileStream _lock;

    /// <summary>Opens and locks the folder, made if need be.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be made, written or locked.</exception>
    public StateFolder(IOptions<StoreOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Root = RootOf(options.Value);
        try
        {
            Directory.CreateDirectory(ChunkRoot);
            Directory.CreateDirectory(ManifestRoot);
            var file = Path.Combine(Root, "lock");
            _lock = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var probe = Path.Combine(Root, "probe" + TemporaryEnding);
            File.WriteAllText(probe, "");
            File.Delete(probe);
            ClearWork();
        }
        catch (IOException) when (IsLocked(Path.Combine(Root, "lock")))
        {
            throw new StoreUnavailableException(
                $"The state folder {Root} is in use by another agent; stop that one, or set {StoreOptions.Section}:Path to another folder.")
            {
                IsInUse = true,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"The state folder {Root} cannot be written ({e.Message.TrimEnd('.')}); set {StoreOptions.Section}:Path to one that can.");
        }
    }

    /// <summary>Full path of the folder.</summary>
    public string Root { get; }

    /// <summary>Where the agent keeps the identity it made for itself.</summary>
    public string IdentityFile => Path.Combine(Root, "identity.json");

    /// <summary>
    /// Where a film that is being published is cut; whoever uses it makes it, and deletes it afterwards. What a killed agent
    /// left there is gone when the folder is opened.
    /// </summary>
    public string WorkFolder => Path.Combine(Root, "publish");

    /// <summary>Where chunks lie.</summary>
    internal string ChunkRoot => ChunkRootOf(Root);

    /// <summary>Where manifests lie.</summary>
    internal string ManifestRoot => Path.Combine(Root, "streams");

    /// <summary>Full path of the folder that the settings name.</summary>
    public static string RootOf(StoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Path.GetFullPath(options.Path.Length > 0 ? options.Path : DefaultRoot());
    }

    /// <summary>Where chunks lie in such a folder.</summary>
    internal static string ChunkRootOf(string root) => Path.Combine(root, "chunks");

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    /// <summary>A file for people beside a swarm's chunks: the swarm's id.</summary>
    internal string SwarmNote(SwarmId swarm) => Path.Combine(SwarmFolder(swarm), NoteName);

    /// <summary>An empty file that is there while a swarm's chunks are pinned.</summary>
    internal string PinMark(SwarmId swarm) => Path.Combine(SwarmFolder(swarm), PinName);

    /// <summary>The folder of a swarm's chunks.</summary>
    internal string SwarmFolder(SwarmId swarm) => Path.Combine(ChunkRoot, Hash(swarm.Value));

    /// <summary>The file of a swarm's manifest.</summary>
    internal string ManifestFile(SwarmId swarm) => Path.Combine(ManifestRoot, Hash(swarm.Value) + ".xml");

    /// <summary>The folder of a level's chunks.</summary>
    internal string LevelFolder(SwarmId swarm, LevelId level) =>
        Path.Combine(SwarmFolder(swarm), $"{Hash($"{level.Clip}\n{level.Type}")}-{level.Level}");

    private void ClearWork()
    {
        if (Directory.Exists(WorkFolder))
        {
            Directory.Delete(WorkFolder, recursive: true);
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    private static bool IsLocked(string file)
    {
        try
        {
            using var probe = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string DefaultRoot()
    {
        if (OperatingSystem.IsWindows())
        {
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "ppsp-peer");
        }

        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return string.IsNullOrEmpty(state) || !Path.IsPathRooted(state)
            ? Path.Combine(home, ".local", "state", "ppsp-peer")
            : Path.Combine(state, "ppsp-peer");
    }
}
