using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Publishing;

/// <summary>Gives initialisation files to the components they belong to.</summary>
/// <remarks>
/// Such a file is <c>init.mp4</c> (for the first component), <c>name-init-00000.mp4</c> (one for all levels) or
/// <c>name-init-L0-00000.mp4</c> (one a level). It belongs to the component with the same extension, else to the one of
/// the same kind.
/// </remarks>
internal static class FolderInits
{
    /// <summary>Replaces the components by ones that have their files; a sentence when a file has no place, or null.</summary>
    internal static string? Attach(List<FolderComponent> components, List<ChunkFile> inits)
    {
        var byComponent = new Dictionary<int, List<ChunkFile>>();
        foreach (var file in inits)
        {
            var place = PlaceOf(components, file);
            if (place < 0)
            {
                return $"'{file.FileName}' belongs to none of the chunks; give it the extension of the chunks it starts.";
            }

            byComponent.TryAdd(place, []);
            byComponent[place].Add(file);
        }

        foreach (var (place, files) in byComponent)
        {
            files.Sort((a, b) => (a.Name?.Level ?? 0).CompareTo(b.Name?.Level ?? 0));
            if (Fault(components[place], files) is { } fault)
            {
                return fault;
            }

            components[place] = components[place] with { Inits = files };
        }

        return null;
    }

    private static int PlaceOf(List<FolderComponent> components, ChunkFile file)
    {
        if (file.Name is null)
        {
            return 0;
        }

        var same = components.FindIndex(c => c.Form.Extension == file.Name.Extension);
        return same >= 0 ? same : components.FindIndex(c => c.Type == MediaTypes.KindOf(file.Name.Extension));
    }

    private static string? Fault(FolderComponent component, List<ChunkFile> files)
    {
        if (files.FirstOrDefault(f => f.Name is { Index: not 0 }) is { } numbered)
        {
            return $"'{numbered.FileName}' must have the chunk number 0.";
        }

        if (files is [{ Name: null or { Kind: LevelKind.None } }])
        {
            return null;
        }

        var first = files[0].Name;
        var complete = files.Count == component.Levels.Count
            && files.All(f => f.Name is not null && f.Name.Kind == component.Form.Kind && f.Name.Extension == first!.Extension && f.Name.Views == first.Views)
            && files.Select(f => f.Name!.Level).SequenceEqual(Enumerable.Range(0, files.Count));
        return complete && first!.Kind != LevelKind.None
            ? null
            : $"The initialisation files {string.Join(", ", files.Take(4).Select(f => $"'{f.FileName}'"))} do not fit: there must be one for all levels, "
                + "or one a level, named like the chunks.";
    }
}
