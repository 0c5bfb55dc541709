namespace CacheBackup.Aws.Secrets;

/// <summary>Asks Secrets Manager for a secret's current value.</summary>
internal sealed record SecretValueRequest(string SecretId);
