namespace CacheBackup.Functions.Api;

/// <summary>An error as RFC 9457 has it.</summary>
/// <param name="Type">Always <c>about:blank</c>: the code says what it is.</param>
/// <param name="Title">What the code means.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Stable: programs may rely on it.</param>
/// <param name="Detail">What was wrong, and what to do.</param>
public sealed record ProblemDetails(string Type, string Title, int Status, string Code, string Detail)
{
    public static ProblemDetails Of(Exception exception)
    {
        ProblemKind kind = ProblemKinds.Of(exception);

        // The message of an exception that is not ours may hold anything: it stays in the log.
        return kind switch
        {
            _ when kind == ProblemKinds.Internal => Of(kind, $"An unexpected {exception.GetType().Name} came up; the log has it."),
            _ when kind == ProblemKinds.TimedOut => Of(kind, "The request took longer than it may. It may have happened: look, or ask again with the same Idempotency-Key."),
            _ => Of(kind, exception.Message),
        };
    }

    public static ProblemDetails Of(ProblemKind kind, string detail) => new("about:blank", kind.Title, kind.Status, kind.Code, detail);
}
