using Microsoft.Extensions.Options;

namespace PeerAgent.Streams;

internal sealed class PlayersOptionsValidator : IValidateOptions<PlayersOptions>
{
    public ValidateOptionsResult Validate(string? name, PlayersOptions options)
    {
        if (options.IdleTimeout < TimeSpan.FromSeconds(1) || options.IdleTimeout > TimeSpan.FromDays(1))
        {
            return ValidateOptionsResult.Fail(
                $"{PlayersOptions.Section}:IdleTimeout is {options.IdleTimeout}; it must be from 00:00:01 to 1.00:00:00.");
        }

        return options.MaxPerStream is < 1 or > 100_000
            ? ValidateOptionsResult.Fail($"{PlayersOptions.Section}:MaxPerStream is {options.MaxPerStream}; it must be from 1 to 100000.")
            : ValidateOptionsResult.Success;
    }
}
