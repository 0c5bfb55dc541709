namespace CacheBackup.Core.Inspections;

/// <summary>Groups by a number's size.</summary>
/// <param name="bounds">Ascending; a group holds what is at most its bound, and the last one what is above all.</param>
internal sealed class Histogram(params double[] bounds)
{
    private readonly KeyGroup[] _groups = [.. Enumerable.Range(0, bounds.Length + 1).Select(_ => new KeyGroup())];

    public IReadOnlyList<KeyGroup> Groups => _groups;

    public KeyGroup Of(double number)
    {
        int place = 0;
        while (place < bounds.Length && number > bounds[place])
        {
            place++;
        }

        return _groups[place];
    }

    /// <summary>Adds what another with the same bounds has counted.</summary>
    public void Add(Histogram other)
    {
        for (int place = 0; place < _groups.Length; place++)
        {
            _groups[place].Add(other._groups[place]);
        }
    }
}
