namespace CacheBackup.Core.Storage;

/// <summary>
/// Numbers of parts that one uploader alone uses of an upload that others know of as well. They are asked for a few at a time, in rising order: those
/// that an uploader which died leaves unused are lost.
/// </summary>
/// <param name="first">The first one.</param>
/// <param name="end">The first that is not its own.</param>
/// <param name="extendAsync">Makes more its own, those that follow, and says where they end; throws where another uploader has taken over.</param>
public sealed class PartNumbers(int first, int end, Func<CancellationToken, ValueTask<int>> extendAsync)
{
    private int _end = end;

    public int First => first;

    /// <summary>To be called before a part is sent under <paramref name="number"/>.</summary>
    internal async ValueTask TakeAsync(int number, CancellationToken cancellationToken)
    {
        while (number >= _end)
        {
            _end = await extendAsync(cancellationToken);
        }
    }
}
