// What is measured from outside: programs are started by the scripts beside this folder, this one is their players,
// their lines and, for the emulated swarm, everything in one process. Usage: SwarmEmulation COMMAND --name value ...
using SwarmEmulation;
using SwarmEmulation.Measures;

var arguments = new Arguments(args);
switch (arguments.Command)
{
    case "link":
        await LinkProgram.RunAsync(arguments);
        return 0;
    case "miss":
        await MissMeasure.RunAsync(arguments);
        return 0;
    case "first-byte":
        await FirstByteMeasure.RunAsync(arguments);
        return 0;
    case "bulk":
        await BulkMeasure.RunAsync(arguments);
        return 0;
    case "crowd":
        await CrowdMeasure.RunAsync(arguments);
        return 0;
    case "swarm":
        await SwarmMeasure.RunAsync(arguments);
        return 0;
    default:
        Console.Error.WriteLine("Give a command: link, miss, first-byte, bulk, crowd, swarm.");
        return 2;
}
