namespace CacheBackup.Infra.Permissions;

/// <summary>One thing that a function may do, in our words; what that is in AWS's words depends on the stack.</summary>
/// <param name="In">The permissions in a stack.</param>
/// <param name="NeedsNetwork">It talks to caches, and so stands in their VPC.</param>
public sealed record Grant(Func<StackArns, IEnumerable<Permission>> In, bool NeedsNetwork = false);
