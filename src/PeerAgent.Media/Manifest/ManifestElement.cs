using System.Xml.Linq;

namespace PeerAgent.Media.Manifest;

/// <summary>
/// An element of the manifest with its place. Elements go by their local names; attributes of the draft are in no
/// namespace and in any case, our additions in ours.
/// </summary>
internal sealed class ManifestElement(XElement element)
{
    /// <summary>The element's text without that of its children.</summary>
    internal ManifestValue Value =>
        new(element.Name.LocalName, string.Concat(element.Nodes().OfType<XText>().Select(t => t.Value)).Trim(), element);

    /// <summary>Children with one of the names; more than <paramref name="max"/> is an error at the first too many.</summary>
    internal List<ManifestElement> Children(int max, params ReadOnlySpan<string> names)
    {
        var found = new List<ManifestElement>();
        foreach (var child in element.Elements())
        {
            if (!names.Contains(child.Name.LocalName))
            {
                continue;
            }

            var one = new ManifestElement(child);
            if (found.Count == max)
            {
                throw one.Error($"there are more than {max} elements '{names[0]}' in '{element.Name.LocalName}'");
            }

            found.Add(one);
        }

        return found;
    }

    /// <summary>The only child of that name, or null.</summary>
    internal ManifestElement? Child(string name)
    {
        ManifestElement? found = null;
        foreach (var child in element.Elements().Where(e => e.Name.LocalName == name))
        {
            var one = new ManifestElement(child);
            found = found is null ? one : throw one.Error($"'{name}' is there twice; once was expected");
        }

        return found;
    }

    /// <summary>An attribute of the draft, or null.</summary>
    internal ManifestValue? Attribute(string name) => Find(name, "", name);

    /// <summary>An attribute among our additions, or null.</summary>
    internal ManifestValue? Addition(string name) => Find(name, ManifestLimits.Namespace, $"x:{name}");

    /// <summary>An attribute that must be there.</summary>
    internal ManifestValue Required(string name) => Attribute(name) ?? throw Error($"'{name}' is missing in '{element.Name.LocalName}'");

    /// <summary>The error for this place.</summary>
    internal ManifestFormatException Error(string what) => ManifestValue.ErrorAt(element, what);

    private ManifestValue? Find(string name, string space, string label) =>
        element.Attributes().FirstOrDefault(a =>
                !a.IsNamespaceDeclaration
                && a.Name.NamespaceName == space
                && a.Name.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found
            ? new ManifestValue(label, found.Value.Trim(), found)
            : null;
}
