using System.Diagnostics.CodeAnalysis;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Streams;

/// <summary>Finds the chunk that a path or a name means.</summary>
/// <param name="clips">The clips with the names of their components.</param>
/// <param name="segmentOf">The segment of a chunk, null when the stream has no such chunk.</param>
internal sealed class ChunkResolver(
    IReadOnlyList<(Clip Clip, List<ComponentNames> Components)> clips, Func<ChunkId, Segment?> segmentOf)
{
    /// <inheritdoc cref="ChunkLayout.TryResolve"/>
    internal bool TryResolve(ReadOnlySpan<char> path, [NotNullWhen(true)] out ChunkId? chunk)
    {
        chunk = null;
        var slash = path.LastIndexOf('/');
        var folder = slash < 0 ? default : path[..slash];
        var file = path[(slash + 1)..];
        var isAmbiguous = false;
        _ = ChunkName.TryParse(file, out var name);
        foreach (var (clip, components) in clips)
        {
            var isExact = slash >= 0 && folder.SequenceEqual(clip.Name);
            if ((!isExact && slash >= 0 && !IsParent(clip, folder)) || Find(components, file, name) is not { } found)
            {
                continue;
            }

            if (isExact)
            {
                chunk = found;
                return true;
            }

            isAmbiguous |= chunk is not null;
            chunk = found;
        }

        chunk = isAmbiguous ? null : chunk;
        return chunk is not null;
    }

    private static bool IsParent(Clip clip, ReadOnlySpan<char> folder)
    {
        var slash = clip.Name.LastIndexOf('/');
        return slash >= 0 && folder.SequenceEqual(clip.Name.AsSpan(0, slash));
    }

    private ChunkId? Find(List<ComponentNames> components, ReadOnlySpan<char> file, ChunkName? name)
    {
        foreach (var component in components)
        {
            if (component.Inits.Find(file) is { } level)
            {
                return InitOf(component, level);
            }

            if (component.Lists.Find(file) is { } list)
            {
                return new ChunkId(new LevelId(component.Clip.Name, component.Component.Type + ChunkLayout.HashesSuffix, list.Level), list.Index);
            }
        }

        if (name is null)
        {
            return null;
        }

        var clip = components[0].Clip;
        if (name.ContentId == clip.ContentId)
        {
            var type = Choose(components, name.Extension).Component.Type;
            var id = new ChunkId(new LevelId(clip.Name, type, name.Level), name.Index);
            return segmentOf(id) is { } segment && (name.Views ?? segment.Views) == (segment.Views ?? name.Views) ? id : null;
        }

        foreach (var component in components)
        {
            if (component.Inits.FindLike(name) is { } level)
            {
                return InitOf(component, level);
            }
        }

        return null;
    }

    private static ChunkId InitOf(ComponentNames names, int level) =>
        new(new LevelId(names.Clip.Name, names.Component.Type + ChunkLayout.InitSuffix, level), 0);

    /// <summary>The component that the extension means: the one that has it, else by what such files hold, else the first.</summary>
    private static ComponentNames Choose(List<ComponentNames> components, string extension) =>
        components.Count == 1
            ? components[0]
            : components.Find(c => c.HasExtension(extension))
                ?? components.Find(c => c.Component.Type == MediaTypes.KindOf(extension))
                ?? components[0];
}
