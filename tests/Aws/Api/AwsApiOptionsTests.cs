using Amazon;
using CacheBackup.Aws.Api;

namespace CacheBackup.Aws.Tests.Api;

public sealed class AwsApiOptionsTests
{
    [Theory]
    [InlineData("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://own:1/")]
    [InlineData("AWS_ENDPOINT_URL", "http://all:1/")]
    public void Endpoint_comes_from_the_environment(string variable, string address)
    {
        AwsApiOptions options = AwsApiOptions.FromEnvironment(AwsService.SecretsManager, name => name == variable ? address : null);

        Assert.Equal(new Uri(address), options.Endpoint);
    }

    [Fact]
    public void Endpoint_of_the_service_goes_before_that_of_all()
    {
        AwsApiOptions options = AwsApiOptions.FromEnvironment(
            AwsService.StepFunctions, name => name == "AWS_ENDPOINT_URL_SFN" ? "http://own:1/" : "http://all:1/");

        Assert.Equal(new Uri("http://own:1/"), options.Endpoint);
    }

    [Fact]
    public void Endpoint_that_is_no_address_is_refused_by_the_variables_name()
    {
        FormatException refusal = Assert.Throws<FormatException>(() => AwsApiOptions.FromEnvironment(AwsService.EventBridge, _ => "file:///x"));

        Assert.Contains("AWS_ENDPOINT_URL_EVENTBRIDGE", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eu-central-1", "https://states.eu-central-1.amazonaws.com/")]
    [InlineData("cn-north-1", "https://states.cn-north-1.amazonaws.com.cn/")]
    public void Without_an_endpoint_the_service_is_in_the_Regions_own_domain(string region, string address)
    {
        AwsApiOptions options = new() { Region = region };

        Assert.Equal(new Uri(address), options.AddressOf(AwsService.StepFunctions, RegionEndpoint.GetBySystemName(region)));
    }
}
