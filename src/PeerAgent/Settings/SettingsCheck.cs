namespace PeerAgent.Settings;

/// <summary>Finds keys of a section that no option class knows: a misspelt key must not be ignored in silence.</summary>
internal static class SettingsCheck
{
    /// <summary>Throws for the first key under <paramref name="root"/> that none of the option classes has.</summary>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="root">The program's section, for example <c>PeerAgent</c>.</param>
    /// <param name="sections">Section name below the root, and the class that is bound to it.</param>
    /// <exception cref="SettingsException">A key is unknown.</exception>
    internal static void ThrowOnUnknown(IConfiguration configuration, string root, IReadOnlyDictionary<string, Type> sections)
    {
        foreach (var section in configuration.GetSection(root).GetChildren())
        {
            var type = sections.FirstOrDefault(s => s.Key.Equals(section.Key, StringComparison.OrdinalIgnoreCase)).Value
                ?? throw Unknown(section, sections.Keys);
            var known = type.GetProperties().Select(p => p.Name).ToArray();
            foreach (var setting in section.GetChildren())
            {
                if (!known.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
                {
                    throw Unknown(setting, known);
                }
            }
        }
    }

    private static SettingsException Unknown(IConfigurationSection section, IEnumerable<string> known) =>
        new($"There is no setting {section.Path}; known there: {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
}
