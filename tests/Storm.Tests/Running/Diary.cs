namespace Storm.Tests.Running;

/// <summary>The last operations, for whoever looks for the cause of trouble.</summary>
internal sealed class Diary
{
    private const int Most = 30;
    private readonly Queue<string> _lines = new();

    public void Add(int number, TimeSpan at, string what)
    {
        if (_lines.Count == Most)
        {
            _lines.Dequeue();
        }

        _lines.Enqueue($"{number,6} {at.TotalSeconds,9:0.000} {what}");
    }

    public override string ToString() => string.Join('\n', _lines);
}
