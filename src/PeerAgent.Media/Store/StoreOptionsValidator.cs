using Microsoft.Extensions.Options;

namespace PeerAgent.Media.Store;

internal sealed class StoreOptionsValidator : IValidateOptions<StoreOptions>
{
    public ValidateOptionsResult Validate(string? name, StoreOptions options)
    {
        var failures = new List<string>();
        if (options.MaxBytes < 1 << 20)
        {
            failures.Add($"{StoreOptions.Section}:MaxBytes is {options.MaxBytes}; it must be 1048576 (1 MiB) or more.");
        }

        if (options.MaxChunkBytes is < 1024 or > 1 << 30)
        {
            failures.Add($"{StoreOptions.Section}:MaxChunkBytes is {options.MaxChunkBytes}; it must be from 1024 to 1073741824.");
        }

        if (options.MemoryBytes < 1 << 13)
        {
            failures.Add($"{StoreOptions.Section}:MemoryBytes is {options.MemoryBytes}; it must be 8192 (8 KiB) or more: chunks arrive in it.");
        }

        if (options.Path.AsSpan().ContainsAny(System.IO.Path.GetInvalidPathChars()))
        {
            failures.Add($"{StoreOptions.Section}:Path is not a path.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
