namespace CacheBackup.Fixtures.Recording;

/// <summary>A call of a function on something outside it.</summary>
/// <param name="Function">Whose call it is.</param>
/// <param name="Target">
/// What was called: <c>catalog</c> and <c>data</c> (the two buckets of the service), <c>s3://…</c> (another), <c>executions</c>, <c>caches</c>,
/// <c>events</c>.
/// </param>
/// <param name="Member">The seam's member, such as <c>Get</c>.</param>
/// <param name="Subject">A key of the same kind, or the state machine; empty where there is no such thing.</param>
public sealed record RecordedCall(string Function, string Target, string Member, string Subject)
{
    public override string ToString() => $"{Function}: {Member} on {Target} {Subject}".TrimEnd();
}
