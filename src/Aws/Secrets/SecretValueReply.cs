namespace CacheBackup.Aws.Secrets;

/// <summary>A secret's value; null where it is binary.</summary>
internal sealed record SecretValueReply(string? SecretString = null);
