using System.Text;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using CacheBackup.Aws.Api;
using CacheBackup.Aws.ElastiCache;
using CacheBackup.Aws.StepFunctions;
using CacheBackup.Core.Model;

namespace CacheBackup.Aws.Tests.Api;

/// <summary>moto takes any signature, AWS does not.</summary>
public sealed partial class SigningTests
{
    private const string SecretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    // Source: AWS's Signature Version 4 test suite: get-vanilla, post-vanilla, post-x-www-form-urlencoded.
    [Theory]
    [InlineData("GET", null, "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", null, "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData(
        "POST", "application/x-www-form-urlencoded", "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")]
    public void Reference_gives_the_published_signatures(string method, string? contentType, string body, string expected)
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase)
        {
            ["Host"] = "example.amazonaws.com",
            ["X-Amz-Date"] = "20150830T123600Z",
        };
        List<string> signed = ["host", "x-amz-date"];
        if (contentType is not null)
        {
            headers["Content-Type"] = contentType;
            signed.Insert(0, "content-type");
        }

        ScriptedRequest request = new(method, "/", headers, Encoding.UTF8.GetBytes(body));

        Assert.Equal(expected, SigV4Reference.Signature(request, [.. signed], "us-east-1", "service", SecretKey));
    }

    [Fact]
    public async Task JSON_request_is_signed_as_AWS_would_compute_it()
    {
        await using ScriptedServer server = new(Answers.Json("""{"executionArn":"x","startDate":1}"""));
        using AwsApi api = Open(AwsService.StepFunctions, server);
        StepFunctionsExecutions executions = new(api, StateMachineArns.Parse("arn:aws:states:eu-west-1:123456789012:stateMachine:cache-backup-"));

        await executions.StartAsync(executions.IdOf("backup", "one"), "{\"ä\":1}"u8.ToArray(), TestContext.Current.CancellationToken);

        ScriptedRequest sent = Assert.Single(server.Requests);
        Assert.Equal("AWSStepFunctions.StartExecution", sent.Header("X-Amz-Target"));
        Assert.Equal("application/x-amz-json-1.0", sent.Header("Content-Type"));
        Assert.Equal("session", sent.Header("X-Amz-Security-Token"));
        AssertSigned(sent, "states", "x-amz-target", "x-amz-security-token", "host", "x-amz-date");
    }

    [Fact]
    public async Task Query_request_is_signed_as_AWS_would_compute_it()
    {
        await using ScriptedServer server = new(
            Answers.Xml("<ListTagsForResourceResponse><ListTagsForResourceResult/></ListTagsForResourceResponse>"));
        using AwsApi api = Open(AwsService.ElastiCache, server);

        IReadOnlyList<Tag> tags = await new ElastiCacheClient(api).ListTagsAsync("arn:a b&c=ü+*", TestContext.Current.CancellationToken);

        Assert.Empty(tags);
        ScriptedRequest sent = Assert.Single(server.Requests);
        Assert.Equal(
            "Action=ListTagsForResource&Version=2015-02-02&ResourceName=arn%3Aa%20b%26c%3D%C3%BC%2B%2A", Encoding.ASCII.GetString(sent.Body));
        AssertSigned(sent, "elasticache", "host", "x-amz-date");
    }

    [Fact]
    public async Task Every_attempt_is_signed_anew()
    {
        await using ScriptedServer server = new(new ScriptedAnswer(503), Answers.Json("""{"executionArn":"x","startDate":1}"""));
        using AwsApi api = Open(AwsService.StepFunctions, server);
        StepFunctionsExecutions executions = new(api, StateMachineArns.Parse("arn:aws:states:eu-west-1:123456789012:stateMachine:cache-backup-"));

        await executions.StartAsync(executions.IdOf("backup", "one"), "{}"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, sent => AssertSigned(sent, "states", "host"));
    }

    private static AwsApi Open(AwsService service, ScriptedServer server) => AwsApi.Open(
        service,
        Answers.Impatient(server.Endpoint) with { Region = "eu-west-1" },
        TimeProvider.System,
        new SessionAWSCredentials("AKIDEXAMPLE", SecretKey, "session"));

    private static void AssertSigned(ScriptedRequest sent, string service, params string[] headersToBeSigned)
    {
        Match authorization = Authorization().Match(sent.Header("Authorization") ?? "");
        Assert.True(authorization.Success, "There is no Authorization of Signature Version 4.");
        Assert.Equal($"AKIDEXAMPLE/{sent.Header("X-Amz-Date")![..8]}/eu-west-1/{service}/aws4_request", authorization.Groups["scope"].Value);
        string[] signed = authorization.Groups["headers"].Value.Split(';');
        Assert.Empty(headersToBeSigned.Except(signed));
        Assert.Equal(SigV4Reference.Signature(sent, signed, "eu-west-1", service, SecretKey), authorization.Groups["signature"].Value);
    }

    [GeneratedRegex("^AWS4-HMAC-SHA256 Credential=(?<scope>[^,]+), *SignedHeaders=(?<headers>[^,]+), *Signature=(?<signature>[0-9a-f]{64})$")]
    private static partial Regex Authorization();
}
