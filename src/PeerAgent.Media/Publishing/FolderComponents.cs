using System.Diagnostics.CodeAnalysis;
using PeerAgent.Media.Streams;
using Ppsp.Protocol.Chunks;

namespace PeerAgent.Media.Publishing;

/// <summary>Orders the chunks of one extension by level and number, and says where they do not fit together.</summary>
internal static class FolderComponents
{
    /// <summary>Makes a component of the files of one extension; false with a sentence when levels or numbers have holes.</summary>
    internal static bool TryMake(
        List<ChunkFile> files, [NotNullWhen(true)] out FolderComponent? component, [NotNullWhen(false)] out string? fault)
    {
        component = null;
        var first = files[0];
        var form = first.Name!;
        fault = FaultOfForm(files, first, form);
        if (fault is not null)
        {
            return false;
        }

        var levels = files.GroupBy(f => f.Name!.Level).OrderBy(g => g.Key)
            .Select(g => (Level: g.Key, Files: g.OrderBy(f => f.Name!.Index).ToList())).ToList();
        fault = FaultOfLevels(form, [.. levels.Select(l => l.Level)])
            ?? levels.Select(l => FaultOfNumbers(l.Files)).FirstOrDefault(f => f is not null)
            ?? FaultOfRanges([.. levels.Select(l => l.Files)]);
        if (fault is not null)
        {
            return false;
        }

        component = new FolderComponent(
            MediaTypes.KindOf(form.Extension), form, levels[0].Files[0].Name!.Index, [.. levels.Select(l => l.Files)], []);
        return true;
    }

    /// <summary>What is wrong with these components beside each other, or null.</summary>
    internal static string? FaultOfMixture(List<FolderComponent> components)
    {
        var twins = components.GroupBy(c => c.Type).FirstOrDefault(g => g.Count() > 1)?.ToList();
        if (twins is not null)
        {
            return $"The folder holds .{twins[0].Form.Extension} and .{twins[1].Form.Extension} chunks, both {twins[0].Type}; keep one of them.";
        }

        var layered = components.Count == 1 ? null : components.FirstOrDefault(c => c.Form.Kind != LevelKind.None);
        return layered is null
            ? null
            : $"The folder holds .{components[0].Form.Extension} and .{components[1].Form.Extension} chunks, and '{layered.Levels[0][0].FileName}' "
                + "has a level; chunks of picture and sound can lie side by side only with plain names such as 'name-00000.mp4'.";
    }

    private static string? FaultOfForm(List<ChunkFile> files, ChunkFile first, ChunkName form)
    {
        if (files.FirstOrDefault(f => f.Name!.Kind != form.Kind) is { } otherKind)
        {
            return $"'{first.FileName}' and '{otherKind.FileName}' mix names with L, with D and without a level; give all chunks the same form.";
        }

        return files.FirstOrDefault(f => f.Name!.Views != form.Views) is { } otherViews
            ? $"'{first.FileName}' and '{otherViews.FileName}' have different numbers of views; give all chunks the same."
            : null;
    }

    private static string? FaultOfLevels(ChunkName form, List<int> levels)
    {
        var letter = form.Kind == LevelKind.Description ? 'D' : 'L';
        for (var level = 0; level < levels.Count; level++)
        {
            if (levels[level] != level)
            {
                return $"Level {letter}{level} has no chunks, but {letter}{levels[level]} has; levels are counted from 0 without a gap.";
            }
        }

        return null;
    }

    private static string? FaultOfNumbers(List<ChunkFile> files)
    {
        for (var place = 1; place < files.Count; place++)
        {
            var (before, name) = (files[place - 1].Name!, files[place].Name!);
            if (name.Index == before.Index)
            {
                return $"'{files[place - 1].FileName}' and '{files[place].FileName}' are the same chunk; remove one of them.";
            }

            if (name.Index != before.Index + 1)
            {
                var missing = ChunkName.Create(name.ContentId, name.Views, name.Kind, name.Level, before.Index + 1, name.Extension);
                return $"'{missing}' is missing, although there are chunks before and behind it.";
            }
        }

        return null;
    }

    private static string? FaultOfRanges(List<List<ChunkFile>> levels)
    {
        var first = levels[0];
        foreach (var level in levels)
        {
            var (name, from, to) = (level[0].Name!, level[0].Name!.Index, level[^1].Name!.Index);
            if (from != first[0].Name!.Index || to != first[^1].Name!.Index)
            {
                return $"Level {name.Level} has the chunks {from} to {to}, but level 0 has {first[0].Name!.Index} to {first[^1].Name!.Index}; "
                    + "all levels need the same chunks.";
            }
        }

        return null;
    }
}
