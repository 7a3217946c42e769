using System.Globalization;

namespace SwarmEmulation;

/// <summary>Command line of the form <c>command --name value ...</c>.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = [];

    /// <summary>Reads them.</summary>
    /// <exception cref="ArgumentException">A name without a value.</exception>
    public Arguments(string[] args)
    {
        Command = args.Length > 0 ? args[0] : "";
        if (args.Length % 2 == 0 && args.Length > 0)
        {
            throw new ArgumentException("Give every --name a value.", nameof(args));
        }

        for (var i = 1; i + 1 < args.Length; i += 2)
        {
            _values[args[i].TrimStart('-')] = args[i + 1];
        }
    }

    /// <summary>What to do.</summary>
    public string Command { get; }

    /// <summary>A text that must be there.</summary>
    public string Text(string name) => _values.TryGetValue(name, out var value)
        ? value
        : throw new ArgumentException($"--{name} is missing.");

    /// <summary>A text, or a default.</summary>
    public string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    /// <summary>A URL that must be there.</summary>
    public Uri Url(string name) => new(Text(name).TrimEnd('/') + "/");

    /// <summary>A number, or a default.</summary>
    public int Number(string name, int otherwise) =>
        _values.TryGetValue(name, out var value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>Numbers with spaces between, or a default.</summary>
    public IReadOnlyList<int> Numbers(string name, params int[] otherwise) => _values.TryGetValue(name, out var value)
        ? [.. value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture))]
        : otherwise;
}
