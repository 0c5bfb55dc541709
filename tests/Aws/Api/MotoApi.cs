using System.Text;
using Amazon.Runtime;
using CacheBackup.Aws.Api;
using CacheBackup.Fixtures;

namespace CacheBackup.Aws.Tests.Api;

/// <summary>Services on the assembly's moto server, each test under names of its own.</summary>
internal static class MotoApi
{
    private static int _made;

    public static BasicAWSCredentials Credentials { get; } = new("test", "test");

    public static string NewName(string stem) => $"{stem}-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}";

    public static async Task<AwsApi> OpenAsync(MotoServer moto, AwsService service) =>
        AwsApi.Open(service, new AwsApiOptions { Endpoint = await moto.EndpointAsync(), Region = "us-east-1" }, TimeProvider.System, Credentials);

    /// <summary>A call that the product does not make, for what a test needs around it.</summary>
    public static async Task ArrangeAsync(AwsApi api, string target, string version, string json)
    {
        AwsRequest request = new(target.Split('.')[1], $"application/x-amz-json-{version}", target, Encoding.UTF8.GetBytes(json));
        await api.SendAsync(request, AwsJsonApi.ErrorOf, AwsApi.Refused, TestContext.Current.CancellationToken);
    }
}
