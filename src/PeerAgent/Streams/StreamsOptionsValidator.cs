using Microsoft.Extensions.Options;

namespace PeerAgent.Streams;

internal sealed class StreamsOptionsValidator : IValidateOptions<StreamsOptions>
{
    public ValidateOptionsResult Validate(string? name, StreamsOptions options) =>
        options.Max is < 1 or > 100_000
            ? ValidateOptionsResult.Fail($"{StreamsOptions.Section}:Max is {options.Max}; it must be from 1 to 100000.")
            : ValidateOptionsResult.Success;
}
