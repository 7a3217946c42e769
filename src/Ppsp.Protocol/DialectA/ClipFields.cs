using Ppsp.Protocol.Chunks;
using Ppsp.Protocol.Ids;
using Ppsp.Protocol.Xml;

namespace Ppsp.Protocol.DialectA;

/// <summary>
/// The <c>Clip</c> of FIND_PEER and FIND_CHUNK (draft-cruz-ppsp-http-tracker-protocol-01, sections 4.8 and 4.9). The
/// attribute <c>level</c> on <c>ChunkSegmentIndex</c> is ours.
/// </summary>
/// <param name="Name">Name of the clip, or null.</param>
/// <param name="Type">Kind of component in lower case, or null.</param>
/// <param name="Index">Number of the chunk, or null.</param>
/// <param name="Level">The level, 0 when none is named.</param>
internal sealed record ClipFields(string? Name, string? Type, long? Index, int Level)
{
    /// <summary>Reads the current element.</summary>
    internal static ClipFields Read(MessageReader reader)
    {
        string? name = null, type = null, index = null;
        var level = 0;
        var scope = reader.Enter();
        while (reader.NextChild(scope))
        {
            switch (reader.Name)
            {
                case "Name":
                    reader.ReadTextOnce(ref name);
                    break;
                case "Type":
                    reader.ReadTextOnce(ref type);
                    break;
                case "ChunkSegmentIndex":
                    level = ChunkMapXml.ReadLevelNumber(reader);
                    reader.ReadTextOnce(ref index);
                    break;
            }
        }

        string? clip = null;
        if (!string.IsNullOrEmpty(name) && !IdentifierText.TryNormalize(name, IdentifierText.MaxLength, out clip))
        {
            CommonFields.FailIdentifier(reader, "Clip/Name", IdentifierText.MaxLength);
        }

        long number = 0;
        if (index is not null && !ChunkMapXml.TryNumber(index, ChunkName.MaxIndex, out number))
        {
            reader.Fail($"ChunkSegmentIndex must be a whole number from 0 to {ChunkName.MaxIndex}");
        }

        return new ClipFields(clip, ChunkMapXml.NormalizeType(reader, type), index is null ? null : number, level);
    }
}
