namespace CacheBackup.Core.Buckets;

/// <summary>One line of an access control list.</summary>
/// <param name="Grantee">A canonical user id, or the URI of a group.</param>
/// <param name="Permission"><c>READ</c>, <c>WRITE</c>, <c>READ_ACP</c>, <c>WRITE_ACP</c> or <c>FULL_CONTROL</c>.</param>
public sealed record AccessGrant(string Grantee, string Permission)
{
    private const string All = "FULL_CONTROL";

    public bool Gives(string grantee, string permission) => Grantee == grantee && (Permission == permission || Permission == All);
}
