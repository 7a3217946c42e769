using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Streams;

/// <summary>What the chunks of a level are. Levels beside the media have the type of their component with an ending.</summary>
internal enum LevelRole
{
    /// <summary>What is played.</summary>
    Media,

    /// <summary>The initialisation chunk.</summary>
    Init,

    /// <summary>The lists of the media's digests.</summary>
    Hashes,
}

/// <summary>Tells roles by their types.</summary>
internal static class LevelRoles
{
    /// <summary>The role of a level; <paramref name="type"/> is the component's own type.</summary>
    internal static LevelRole Of(LevelId level, out string type)
    {
        var role = Of(level.Type);
        type = role switch
        {
            LevelRole.Init => level.Type[..^ChunkLayout.InitSuffix.Length],
            LevelRole.Hashes => level.Type[..^ChunkLayout.HashesSuffix.Length],
            _ => level.Type,
        };
        return role;
    }

    /// <summary>The role of levels of this type.</summary>
    internal static LevelRole Of(string type) =>
        type.EndsWith(ChunkLayout.InitSuffix, StringComparison.Ordinal) ? LevelRole.Init
        : type.EndsWith(ChunkLayout.HashesSuffix, StringComparison.Ordinal) ? LevelRole.Hashes
        : LevelRole.Media;
}
