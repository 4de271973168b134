class Ledger
{
    static void Main()
    {
        System.Console.WriteLine("balanced");
    }
}
