using Microsoft.Extensions.Options;

namespace PeerAgent.Swarm.Transfer;

/// <summary>Refuses settings that cannot work, naming their keys.</summary>
internal sealed class FetchOptionsValidator : IValidateOptions<FetchOptions>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, FetchOptions options)
    {
        var errors = new List<string>();
        CheckTime(errors, nameof(options.Deadline), options.Deadline);
        CheckTime(errors, nameof(options.ConnectTimeout), options.ConnectTimeout);
        CheckTime(errors, nameof(options.ResponseTimeout), options.ResponseTimeout);
        CheckTime(errors, nameof(options.IdleTimeout), options.IdleTimeout);
        CheckTime(errors, nameof(options.TransferTimeout), options.TransferTimeout);
        CheckTime(errors, nameof(options.RivalAfter), options.RivalAfter);
        CheckTime(errors, nameof(options.LookupTimeout), options.LookupTimeout);
        CheckTime(errors, nameof(options.OriginRescue), options.OriginRescue);
        CheckTime(errors, nameof(options.MapInterval), options.MapInterval);
        CheckTime(errors, nameof(options.PeerListInterval), options.PeerListInterval);
        CheckTime(errors, nameof(options.ActiveFor), options.ActiveFor);
        CheckCount(errors, nameof(options.MaxConnectionsPerPeer), options.MaxConnectionsPerPeer, 64);
        CheckCount(errors, nameof(options.MaxParallelFetches), options.MaxParallelFetches, 1024);
        CheckCount(errors, nameof(options.MaxPeers), options.MaxPeers, 10_000);
        if (options.IdleTimeout > options.TransferTimeout)
        {
            errors.Add($"{FetchOptions.Section}:IdleTimeout ({options.IdleTimeout}) must not be longer than "
                + $"{FetchOptions.Section}:TransferTimeout ({options.TransferTimeout}).");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void CheckTime(List<string> errors, string key, TimeSpan value)
    {
        if (value < Shortest || value > Longest)
        {
            errors.Add($"{FetchOptions.Section}:{key} is {value}; it must be from 1 ms to 1 h.");
        }
    }

    private static void CheckCount(List<string> errors, string key, int value, int most)
    {
        if (value < 1 || value > most)
        {
            errors.Add($"{FetchOptions.Section}:{key} is {value}; it must be from 1 to {most}.");
        }
    }
}
