using Microsoft.Extensions.Options;

namespace PeerAgent.Swarm.Http;

/// <summary>Refuses settings that cannot work, naming their keys.</summary>
internal sealed class OriginOptionsValidator : IValidateOptions<OriginOptions>
{
    private const int MostConnections = 64;
    private const long LowestRate = 1024;

    public ValidateOptionsResult Validate(string? name, OriginOptions options)
    {
        var errors = new List<string>();
        if (options.MaxBytesPerSecond < LowestRate)
        {
            errors.Add($"{OriginOptions.Section}:MaxBytesPerSecond is {options.MaxBytesPerSecond}; it must be at least {LowestRate}, "
                + $"or not be set at all. To use no origin set {OriginOptions.Section}:Enabled to false.");
        }

        if (options.MaxConnections is < 1 or > MostConnections)
        {
            errors.Add($"{OriginOptions.Section}:MaxConnections is {options.MaxConnections}; it must be from 1 to {MostConnections}. "
                + $"To use no origin set {OriginOptions.Section}:Enabled to false.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
