using Storm.Tests.Scenes;

namespace Storm.Tests.Operations;

/// <summary>Something that may happen.</summary>
/// <param name="Weight">How often, against the others.</param>
/// <param name="Do">Lets it happen; says in words what happened, or null when there was nothing to be done.</param>
internal sealed record Operation(int Weight, Func<Troupe, Task<string?>> Do)
{
    /// <summary>One that takes no time.</summary>
    public static Operation Of(int weight, Func<Troupe, string?> act) => new(weight, troupe => Task.FromResult(act(troupe)));
}
