using System.Text.Json;
using CacheBackup.AmazonLambda.Tests;
using CacheBackup.Functions.Settings;

namespace CacheBackup.Bootstrap.Tests;

/// <summary>What keeps the binary from starting is told to Lambda by name.</summary>
[Trait("Category", "Slow")]
public sealed class StartTests(PublishedBinary binary)
{
    public static TheoryData<string> Required => [.. ServiceSettings.All.Where(setting => setting.IsRequired).Select(setting => setting.Name)];

    public static TheoryData<string, string> Malformed => new()
    {
        { "CATALOG_BUCKET", "No Bucket" },
        { "STATE_MACHINES", "arn:aws:lambda:eu-west-1:123456789012:function:name" },
        { "EXPORT_BUCKETS", "s3://not-a-list" },
        { "COPY_TARGETS", "[\"/a/directory\"]" },
        { "CACHE_KEYS", "arn:aws:kms:eu-west-1:123456789012:key/not-a-list" },
        { "CACHE_SUBNETS", "subnet-0123456789abcdef0" },
        { "VERIFY_SHARE_PERCENT", "101" },
        { "QUOTAS", "many" },
        { "STORAGE_PRICE", "cheap" },
        { "OBJECT_LOCK", "some" },
        { "MAX_RUNNING", "0" },
        { "ALLOW_DELETE_CACHES", "yes" },
    };

    [Theory]
    [MemberData(nameof(Required))]
    public async Task Setting_that_is_missing_is_named(string name)
    {
        Dictionary<string, string> variables = Settings.Of("start");
        variables.Remove(name);
        Assert.Contains($"{name} is not set", await RefusalAsync("BeginBackup", variables, "InvalidSettingException"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Setting_that_is_malformed_is_named(string name, string value)
    {
        Dictionary<string, string> variables = Settings.Of("start");
        variables[name] = value;
        Assert.StartsWith(name, await RefusalAsync("BeginBackup", variables, "InvalidSettingException"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MakeCoffee")]
    [InlineData(null)]
    public async Task Function_that_there_is_not_is_named_and_so_are_those_that_there_are(string? function)
    {
        string message = await RefusalAsync(function, Settings.Of("start"), "UnknownFunctionException");
        Assert.Contains($"ANNOTATIONS_HANDLER is '{function}'", message, StringComparison.Ordinal);
        Assert.Contains("Api, BeginBackup", message, StringComparison.Ordinal);
        Assert.Contains("Snapshot, ", message, StringComparison.Ordinal);
    }

    private async Task<string> RefusalAsync(string? function, Dictionary<string, string> variables, string errorType)
    {
        await using FunctionProcess process = await FunctionProcess.StartAsync(binary.Path, function, variables);
        (RuntimeResult error, int status) = await process.FailureOfStartAsync();
        JsonElement json = error.Json;
        Assert.Equal(errorType, json.GetProperty("errorType").GetString());
        Assert.Equal(errorType, error.ErrorTypeHeader);
        Assert.Equal("application/vnd.aws.lambda.error+json", error.ContentType);
        Assert.Equal(1, status);
        Assert.Equal(0, process.Api.NextRequests);
        return json.GetProperty("errorMessage").GetString()!;
    }
}
