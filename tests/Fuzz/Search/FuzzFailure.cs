namespace CacheBackup.Fuzz.Search;

/// <summary>An input that broke a promise.</summary>
/// <param name="Target">What was given it.</param>
/// <param name="Input">As small as it could be made.</param>
/// <param name="Error">What came of it.</param>
internal sealed record FuzzFailure(string Target, byte[] Input, Exception Error)
{
    /// <summary>Two failures of one kind are the same mistake.</summary>
    public string Kind => KindOf(Error);

    public static string KindOf(Exception error)
    {
        // By name: the one that a target throws is that of the copy that it was loaded from.
        string type = error.GetType().Name;
        string frame = error.StackTrace?.Split('\n').FirstOrDefault()?.Split('(')[0].Trim() ?? string.Empty;
        return $"{type} {(type == nameof(BrokenPromiseException) ? Words(error.Message) : frame)}";
    }

    /// <summary>A message without its numbers, and without what other messages are quoted in it.</summary>
    private static string Words(string message) =>
        new([.. message.Split(':', ';')[0].TakeWhile(c => c != '(').Where(c => !char.IsAsciiDigit(c))]);
}
