namespace CacheBackup.Bootstrap.Tests;

/// <summary>The environment of a function.</summary>
internal static class Settings
{
    public const string Account = "123456789012";
    public const string Region = "us-east-1";

    /// <summary>As a stack of that name sets it, with moto in AWS's place.</summary>
    /// <param name="moto">Null: nothing is asked of AWS.</param>
    public static Dictionary<string, string> Of(string stack, Uri? moto = null)
    {
        Dictionary<string, string> variables = new()
        {
            ["CATALOG_BUCKET"] = $"{stack}-catalog",
            ["DATA_BUCKET"] = $"{stack}-data",
            ["EXCHANGE_BUCKET"] = $"{stack}-exchange",
            ["STATE_MACHINES"] = $"arn:aws:states:{Region}:{Account}:stateMachine:{stack}-",
            ["EXPORT_BUCKETS"] = $"[\"s3://{stack}-exports\"]",
            ["IMPORT_BUCKETS"] = $"[\"s3://{stack}-exports\"]",
            ["COPY_TARGETS"] = $"[\"s3://{stack}-copies\"]",
            ["SECRET_PREFIX"] = "cache-backup/",
            ["METRICS_NAMESPACE"] = "CacheBackup",
            ["AWS_REGION"] = Region,
            ["AWS_ACCESS_KEY_ID"] = "test",
            ["AWS_SECRET_ACCESS_KEY"] = "test",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
        };
        if (moto is not null)
        {
            variables["AWS_ENDPOINT_URL"] = moto.AbsoluteUri.TrimEnd('/');
        }

        return variables;
    }
}
