using System.Reflection;

namespace PeerAgent.Tracker.Tests.States;

/// <summary>The tables of states and events and their tests cannot drift apart.</summary>
public class StateTablesTests
{
    [Fact]
    public void Every_cell_of_the_tables_has_a_test_and_every_test_its_cell()
    {
        var cells = ProtocolDocument.Tables("### States and events")
            .SelectMany(t => t.Skip(1).SelectMany(row => t[0].Skip(1).Select(state => $"{state}: {row[0]}")))
            .Order().ToList();
        var tests = typeof(StateTablesTests).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods())
            .Where(m => m.GetCustomAttribute<FactAttribute>() is { Skip: null })
            .SelectMany(m => m.GetCustomAttributes<CellAttribute>())
            .Select(c => $"{c.State}: {c.Event}")
            .Distinct().Order().ToList();

        Assert.Equal(71, cells.Count);
        Assert.Equal(cells, tests);
    }

    [Fact]
    public void Every_cell_of_the_tables_says_something() =>
        Assert.All(ProtocolDocument.Tables("### States and events").SelectMany(t => t), row => Assert.All(row, Assert.NotEmpty));
}
