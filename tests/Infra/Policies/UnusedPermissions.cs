namespace CacheBackup.Infra.Tests.Policies;

/// <summary>What roles allow without a test ever having used it.</summary>
internal static class UnusedPermissions
{
    public static IReadOnlyList<UnusedPermission> All { get; } =
    [
        new("*", "logs:*", "arn:aws:logs:*:log-group:/aws/lambda/*", "Lambda itself writes a function's log with its role."),
        new("*", "kms:Decrypt", "*:key/key", "Whoever writes to a bucket with our key may decrypt, which parts of an upload and If-Match take."),
    ];
}
