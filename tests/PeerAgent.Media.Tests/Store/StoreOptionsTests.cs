using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PeerAgent.Media.Store;

namespace PeerAgent.Media.Tests.Store;

public sealed class StoreOptionsTests
{
    [Fact]
    public void Defaults_are_those_of_the_documentation()
    {
        var options = Bind();
        Assert.Equal(("", 10L << 30, 256L << 20, 64 << 20), (options.Path, options.MaxBytes, options.MemoryBytes, options.MaxChunkBytes));
    }

    [Theory]
    [InlineData("MaxBytes", "1048575")]
    [InlineData("MemoryBytes", "-1")]
    [InlineData("MemoryBytes", "8191")]
    [InlineData("MaxChunkBytes", "1023")]
    [InlineData("MaxChunkBytes", "1073741825")]
    [InlineData("Path", "a\0b")]
    public void A_wrong_value_names_its_key(string key, string value)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Bind((key, value)));
        Assert.Contains($"PeerAgent:Store:{key} ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_key_is_refused()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Bind(("MaxByte", "5000000")));
        Assert.Contains("MaxByte", error.ToString(), StringComparison.Ordinal);
    }

    private static StoreOptions Bind(params (string Key, string Value)[] values)
    {
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection(values.Select(v => KeyValuePair.Create<string, string?>($"PeerAgent:Store:{v.Key}", v.Value))).Build())
            .AddPeerAgentMedia()
            .BuildServiceProvider();
        return services.GetRequiredService<IOptions<StoreOptions>>().Value;
    }
}
