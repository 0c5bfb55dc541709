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
        string frame = error.StackTrace?.Split('\n').FirstOrDefault()?.Split('(')[0].Trim() ?? string.Empty;
        string promise = error is BrokenPromiseException || error.GetType().Name == nameof(BrokenPromiseException) ? Words(error.Message) : string.Empty;
        return $"{error.GetType().Name} {frame} {promise}";
    }

    /// <summary>A message without its numbers, and without what other messages are quoted in it.</summary>
    private static string Words(string message) => new([.. message.Split(':', ';')[0].TakeWhile(c => c != '(').Where(c => !char.IsAsciiDigit(c))]);
}
